/** While an input method composes, all keys belong to it; Safari says so by the key code 229 only. */
export function isComposing(event: KeyboardEvent): boolean {
  return event.isComposing || event.keyCode === 229;
}
