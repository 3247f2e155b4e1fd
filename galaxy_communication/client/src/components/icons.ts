/*! Icons: Font Awesome Free, fontawesome.com, CC BY 4.0. */
export {
  faArrowDown,
  faArrowRightFromBracket,
  faArrowUpRightFromSquare,
  faCircleExclamation,
  faComments,
  faHashtag,
  faLock,
  faPaperPlane,
  faUser,
  faUsers,
  faXmark,
} from "@fortawesome/free-solid-svg-icons";
