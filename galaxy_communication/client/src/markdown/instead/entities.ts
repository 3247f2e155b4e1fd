/** In the place of the library of this name, as the browser knows all names of characters itself. */
const place = document.createElement("textarea");

/** @param reference `&name;`, and returned as it is where there is no such name. */
export function decodeHTMLStrict(reference: string): string {
  place.innerHTML = reference;
  const { value } = place;
  // A part of it may be a name: of "&notit;" the browser makes "¬it;".
  return value.endsWith(";") && reference !== "&semi;" ? reference : value;
}
