/** Files that want the demo go last, and it is made beside the others: nobody waits for it who could be at work. */
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { makeDemo } from './demo.ts';

const WANTS_DEMO = /\bdemo: true\b/;

export default class DemoLast extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const wanting = sorted.filter(({ moduleId }) => WANTS_DEMO.test(readFileSync(moduleId, 'utf8')));
    const others = sorted.filter((file) => !wanting.includes(file));
    if (wanting.length > 0 && others.length > 0) {
      const { server_url, prefix } = this.ctx.getRootProject().getProvidedContext();
      // A file that asks for it and finds none makes it itself, and says what fails.
      makeDemo({ server_url, prefix }).catch(() => undefined);
    }
    return [...others, ...wanting];
  }
}
