import { type TextKey, useLang } from '../i18n/index.ts';
import { Dialog } from '../ui/dialog.tsx';

const KEYS: [group: TextKey, [keys: string[], what: TextKey][]][] = [
  [
    'keys.anywhere',
    [
      [['Ctrl', 'K'], 'keys.palette'],
      [['g'], 'keys.home'],
      [['?'], 'keys.help'],
      [['u'], 'keys.undo'],
      [['Esc'], 'keys.close'],
    ],
  ],
  [
    'keys.list',
    [
      [['/'], 'keys.search'],
      [['j'], 'keys.down'],
      [['k'], 'keys.up'],
      [['Enter'], 'keys.open'],
      [['e'], 'keys.edit'],
      [['x'], 'keys.pick'],
      [['Shift', 'x'], 'keys.pick_range'],
      [['b'], 'keys.bar'],
      [['c'], 'keys.create'],
      [['←', '→'], 'keys.pages'],
      [['Alt', '←', '→'], 'keys.width'],
      [['Alt', 'Shift', '←', '→'], 'keys.column'],
    ],
  ],
  [
    'keys.layouts',
    [
      [['Space', '←', '→', 'Enter'], 'keys.card'],
      [['Alt', '←', '→', '↑', '↓'], 'keys.day'],
      [['→', '←'], 'keys.branch'],
    ],
  ],
  [
    'keys.record',
    [
      [['e'], 'keys.edit'],
      [['h'], 'keys.history'],
      [['Ctrl', 'S'], 'keys.save'],
    ],
  ],
];

export default function KeyboardHelp({ onClose }: { onClose(): void }) {
  const { t } = useLang();
  return (
    <Dialog title={t('keys.title')} onClose={onClose}>
      <div className="key-groups">
        {KEYS.map(([group, keys]) => (
          <section key={group}>
            <h3>{t(group)}</h3>
            <dl>
              {keys.map(([combination, what]) => (
                <div key={what}>
                  <dt>{t(what)}</dt>
                  <dd>
                    {combination.map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
