/**
 * What is sent one by one at the same time is done together: while as much is under way as may be, what comes meanwhile waits for
 * the next. Who comes alone waits for nobody.
 */

/** So many pieces of work under way for what is gathered, and so many items in one. */
const AT_ONCE = 2;
const MOST = 64;

interface Sent<Item, Answer> {
  item: Item;
  resolve: (answer: Answer) => void;
  reject: (error: unknown) => void;
}

/**
 * @param work does several at once, all or nothing, and answers by place; where it fails each is tried by itself, so that nobody
 * is told of another's fault
 * @param options at_once: pieces of work under way; most: items in one
 */
export function gathering<Item, Answer>(
  work: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { at_once = AT_ONCE, most = MOST }: { at_once?: number; most?: number } = {},
): (item: Item) => Promise<Answer> {
  const waiting: Sent<Item, Answer>[] = [];
  let running = 0;
  let planned = false;

  /** After what the event loop holds already has been heard. */
  function plan(): void {
    if (planned || running >= at_once || waiting.length === 0) return;
    planned = true;
    setImmediate(() => {
      planned = false;
      void run(waiting.splice(0, most));
    });
  }

  async function run(sent: readonly Sent<Item, Answer>[]): Promise<void> {
    running++;
    try {
      await together(sent);
    } finally {
      running--;
      plan();
    }
  }

  async function together(sent: readonly Sent<Item, Answer>[]): Promise<void> {
    try {
      const answers = await work(sent.map(({ item }) => item));
      for (const [at, { resolve }] of sent.entries()) resolve(answers[at]!);
    } catch (error) {
      const [only] = sent;
      if (sent.length === 1) only!.reject(error);
      else for (const each of sent) await together([each]);
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      plan();
    });
}
