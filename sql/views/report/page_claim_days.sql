create view report.page_claim_days as

select
  coupons.claimed_on,
  pages.code as page_code,
  pages.name as page_name,
  pages.name_en as page_name_en,
  count(*) as claim_count,
  count(distinct coupons.customer_id) as customer_count
from app.fact_keys
inner join app.coupons
  on coupons.customer_id = fact_keys.customer_id
  and coupons.id = fact_keys.fact_id
inner join app.pages
  -- A form of a page names its claim page.block.customer.number.
  on pages.code = split_part(fact_keys.external_id, '.', 1)
where fact_keys.source = 'page'
  and fact_keys.kind = 'coupon'
  and not fact_keys.answer ? 'refusal'
  and coupons.claimed_on is not null
group by coupons.claimed_on, pages.id;

comment on view report.page_claim_days is
  '页面每日领券 / Coupons claimed on pages by day
One row per programme day and page on which coupons were claimed.';

comment on column report.page_claim_days.claimed_on is
  '日期 / Day
Programme day.';

comment on column report.page_claim_days.page_code is
  '页面 / Page
Code of the page.';

comment on column report.page_claim_days.page_name is
  '页面名称 / Page name
Its name in Chinese.';

comment on column report.page_claim_days.page_name_en is
  '页面英文名称 / Page name in English
Its name in English.';

comment on column report.page_claim_days.claim_count is
  '领券 / Claims
Coupons claimed with a form of the page.';

comment on column report.page_claim_days.customer_count is
  '领券客户 / Customers who claimed
Customers who claimed one.';
