/** Prints the tracker as pages load it. Run by itself; imported by nothing. */
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { minifySync } from 'vite';

const source = readFileSync(join(import.meta.dirname, 'tracker.ts'), 'utf8');
const { code } = minifySync('t.js', `(()=>{${stripTypeScriptTypes(source)}})()`, { module: false });
process.stdout.write(code);
