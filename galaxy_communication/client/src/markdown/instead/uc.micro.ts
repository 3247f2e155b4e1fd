/** In the place of the library of this name: punctuation and symbols, which the browser knows itself. */
export const P = /\p{P}/u;
export const S = /\p{S}/u;
