/** Which language Galaxy's page shows: Galaxy itself notes it for the browser session, else it takes the browser's. */
export function galaxysLanguage(): string {
  try {
    return sessionStorage.getItem("currentLocale") || navigator.language;
  } catch {
    return navigator.language;
  }
}
