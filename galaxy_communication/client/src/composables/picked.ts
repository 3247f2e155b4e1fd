/** What somebody chose in a list, or among buttons. (`v-model` on these would bring more of Vue into the first view.) */
export function picked<Choice extends string>({ target }: Event): Choice {
  return (target as HTMLInputElement | HTMLSelectElement).value as Choice;
}

export function isTicked({ target }: Event): boolean {
  return (target as HTMLInputElement).checked;
}
