/** Programs that look at pages without a person, as far as they say so. */
const MACHINES =
  /bot\b|bot\/|crawl|spider|slurp|preview|facebookexternalhit|headless|lighthouse|phantomjs|curl\/|wget\/|python-|java\/|go-http/i;

/** @param agent what it calls itself; nothing at all is no browser */
export const isMachine = (agent: string | undefined): boolean => !agent || MACHINES.test(agent);
