/**
 * happy-dom answers `nodeName` on each class of nodes, and on `Node` itself with nothing. There DOMPurify asks for it, and
 * would take every element for one that is not allowed. MathML it does not have at all: formulas are tested in jsdom.
 */
export function completeHappyDom(): void {
  Object.defineProperty(Node.prototype, "nodeName", { get: ownName, configurable: true });
}

function ownName(this: Node): string {
  for (let prototype = Object.getPrototypeOf(this); prototype && prototype !== Node.prototype; ) {
    const name = Object.getOwnPropertyDescriptor(prototype, "nodeName")?.get?.call(this);
    if (typeof name === "string") return name;
    prototype = Object.getPrototypeOf(prototype);
  }
  return "";
}
