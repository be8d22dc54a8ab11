/** Asked when a signing secret is replaced. */
import { f } from '../definition.ts';

export const OLD_HOURS = f.integer({
  label: ['旧密钥继续有效（小时）', 'The old one signs for hours'],
  required: true,
  min: 0,
  max: 720,
  default: 24,
  help: ['在此期间两个密钥都会签名；0 为立即失效', 'Both sign until then; 0 ends the old one at once'],
});
