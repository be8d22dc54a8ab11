create view report.import_days as

select
  (imports.created_at at time zone programme.time_zone)::date as day,
  imports.resource,
  count(*) as import_count,
  sum(imports.created_count)::bigint as created_count,
  sum(imports.updated_count)::bigint as updated_count,
  sum(imports.unchanged_count)::bigint as unchanged_count,
  sum(imports.skipped_count)::bigint as skipped_count,
  sum(imports.wrong_count)::bigint as refused_count,
  sum(imports.created_count + imports.updated_count + imports.unchanged_count + imports.skipped_count + imports.wrong_count)::bigint
    as row_count
from app.imports
cross join base.programme
where imports.state = 'done'
group by 1, 2;

comment on view report.import_days is
  '每日导入 / Imports by day
One row per programme day and list that files were imported into.';

comment on column report.import_days.day is
  '日期 / Date
Programme day on which the import began.';
comment on column report.import_days.resource is
  '导入到 / List
What was imported.';
comment on column report.import_days.import_count is
  '导入次数 / Imports
Imports that were carried out.';
comment on column report.import_days.created_count is
  '新增行 / Created
Rows that made a record.';
comment on column report.import_days.updated_count is
  '更新行 / Updated
Rows that changed a record.';
comment on column report.import_days.unchanged_count is
  '未变行 / Unchanged
Rows that were known as they are.';
comment on column report.import_days.skipped_count is
  '跳过行 / Skipped
Rows left out as the import was told to.';
comment on column report.import_days.refused_count is
  '被拒行 / Refused
Rows that were wrong.';
comment on column report.import_days.row_count is
  '总行数 / Rows
All rows of the files.';
