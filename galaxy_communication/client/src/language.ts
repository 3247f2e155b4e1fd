/** Which language Galaxy's page shows: Galaxy itself notes it for the browser session, else it takes the browser's. */
export function galaxysLanguage(): string {
  try {
    return sessionStorage.getItem("currentLocale") || navigator.language;
  } catch {
    return navigator.language;
  }
}

/** Of texts in several languages, those of that one. */
export function inGalaxysLanguage<Texts>(languages: Record<string, Texts> & { en: Texts }): Texts {
  return languages[galaxysLanguage().slice(0, 2)] ?? languages.en;
}
