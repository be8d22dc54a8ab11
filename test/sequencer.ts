/** The demo is there before the first file runs, where any of them wants it: none waits for it, and none runs beside its long transaction. */
import { readFileSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';
import { makeDemo } from './demo.ts';

const WANTS_DEMO = /\bdemo: true\b/;

export default class DemoFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    if (files.some(({ moduleId }) => WANTS_DEMO.test(readFileSync(moduleId, 'utf8')))) {
      const { server_url, prefix } = this.ctx.getRootProject().getProvidedContext();
      // A file that asks for it and finds none makes it itself, and says what fails.
      await makeDemo({ server_url, prefix }).catch(() => undefined);
    }
    return super.sort(files);
  }
}
