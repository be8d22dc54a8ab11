/** Over the editor: which report it is, how it stands, and what can be done with it. */
import { Button, Dropdown, Tag } from 'antd';
import { Link } from 'react-router';
import type { Lang } from '../api/contract.ts';
import { save as saveFile } from './download.ts';
import { tell } from './editor-words.ts';
import type { Writing } from './editor-writing.ts';
import { LinkButton } from './link-button.tsx';
import { say } from './words.ts';

export function EditorBar({
  writing,
  checking,
  lang,
  onRun,
  onVersions,
}: {
  writing: Writing;
  checking: boolean;
  lang: Lang;
  onRun(): void;
  onVersions(): void;
}) {
  const { slug, report, readOnly, dirty } = writing;
  return (
    <header className="report-head">
      <div>
        <nav className="report-path" aria-label={say(lang, 'reports')}>
          <Link to="/reports">{say(lang, 'reports')}</Link>
          <span aria-hidden="true"> / </span>
          {slug && (report?.live_number || readOnly) ? (
            <Link to={`/reports/${slug}`}>{slug}</Link>
          ) : (
            <span>{slug ?? tell(lang, 'new_chart')}</span>
          )}
        </nav>
        <h1>
          {tell(lang, slug ? 'edit' : 'new_chart')} {dirty && !readOnly ? <Tag>{tell(lang, 'unsaved')}</Tag> : null}
          {report && report.live_number === null ? <Tag>{tell(lang, 'not_live')}</Tag> : null}
        </h1>
      </div>
      <div className="report-tools">
        {slug && !readOnly ? (
          <Button autoInsertSpace={false} onClick={onVersions}>
            {tell(lang, 'versions')}
          </Button>
        ) : null}
        <Dropdown menu={{ items: menuOf(writing, lang) }} trigger={['click']}>
          <Button autoInsertSpace={false}>{tell(lang, 'more')}</Button>
        </Dropdown>
        <Button autoInsertSpace={false} onClick={onRun} loading={checking}>
          {tell(lang, 'run')}
        </Button>
        {readOnly ? (
          <LinkButton to={`/reports/edit?copy=${slug}`}>{tell(lang, 'copy')}</LinkButton>
        ) : (
          <Button
            type="primary"
            autoInsertSpace={false}
            loading={writing.saving}
            onClick={() => void writing.save(true)}
          >
            {tell(lang, 'publish')}
          </Button>
        )}
      </div>
    </header>
  );
}

function menuOf({ slug, name, text, report, readOnly, save, withdraw }: Writing, lang: Lang) {
  const file = `${(slug ?? (name || 'report')).split('/').at(-1)}.sql`;
  return [
    {
      key: 'download',
      label: tell(lang, 'download'),
      onClick: () => saveFile(new Blob([text], { type: 'application/sql' }), file),
    },
    ...(readOnly ? [] : [{ key: 'draft', label: tell(lang, 'draft'), onClick: () => void save(false) }]),
    ...(report?.live_number && !readOnly
      ? [{ key: 'unpublish', label: tell(lang, 'withdraw'), onClick: () => withdraw('unpublish') }]
      : []),
    ...(report && !readOnly
      ? [{ key: 'delete', danger: true, label: tell(lang, 'remove'), onClick: () => withdraw('delete') }]
      : []),
  ];
}
