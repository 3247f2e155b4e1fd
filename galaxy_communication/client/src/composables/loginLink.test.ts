import { expect, it } from "vitest";

import { loginLink } from "./loginLink";

it("leads back to the page where one was, as Galaxy's router calls it", () => {
  const page = { pathname: "/galaxy/histories/list", search: "?page=2" } as Location;
  expect(loginLink("/galaxy/", page)).toBe("/galaxy/login/start?redirect=%2Fhistories%2Flist%3Fpage%3D2");
  expect(loginLink("/", { ...page, pathname: "/communication", search: "" })).toBe("/login/start?redirect=%2Fcommunication");
  expect(loginLink("/galaxy/", { ...page, pathname: "/elsewhere", search: "" })).toBe("/galaxy/login/start?redirect=%2F");
});
