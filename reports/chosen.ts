/** What is chosen of parameters, as an address carries it: texts by name; a name that is not there stands for the default. */
export type Chosen = { [name: string]: string[] };

/** What else the address carries belongs to the page. */
export function chosenIn(search: URLSearchParams, names: readonly string[]): Chosen {
  return Object.fromEntries(names.filter((name) => search.has(name)).map((name) => [name, search.getAll(name)]));
}

/** "period=last_7d&channel=online&channel=store" */
export function queryOf(chosen: Chosen): string {
  const entries = Object.entries(chosen).flatMap(([name, values]) => values.map((value) => [name, value]));
  return new URLSearchParams(entries).toString();
}

export function addressOf(path: string, chosen: Chosen): string {
  const query = queryOf(chosen);
  return query ? `${path}?${query}` : path;
}
