/** The retrospective as a file for those who are not in front of the console. */
import { Alert, Button } from 'antd';
import { useState } from 'react';
import type { Lang } from '../api/contract.ts';
import { downloadFile } from './download.ts';
import { tell } from './retrospective-words.ts';

type Format = 'pdf' | 'xlsx';

/** @param path /api/_retrospectives/<month>/<number> */
export function Exports({ path, lang }: { path: string; lang: Lang }) {
  const [busy, setBusy] = useState<Format | null>(null);
  const [fault, setFault] = useState<string | null>(null);
  const fetch = async (format: Format) => {
    setBusy(format);
    setFault(null);
    try {
      await downloadFile(`${path}/${format}`, { lang, name: `Evergreen.${format}` });
    } catch (error) {
      setFault(error instanceof Error ? error.message : String(error));
    } finally {
      setBusy(null);
    }
  };
  return (
    <>
      {(['pdf', 'xlsx'] as const).map((format) => (
        <Button
          key={format}
          autoInsertSpace={false}
          loading={busy === format}
          disabled={busy !== null && busy !== format}
          onClick={() => void fetch(format)}
        >
          {tell(lang, `export_${format}`)}
        </Button>
      ))}
      <span className="visually-hidden" role="status">
        {busy === 'pdf' ? tell(lang, 'exporting_pdf') : ''}
      </span>
      {fault ? (
        <Alert
          className="retro-wide"
          type="error"
          showIcon
          closable={{ onClose: () => setFault(null) }}
          title={fault}
        />
      ) : null}
    </>
  );
}
