-- What heatmaps suggest until staff say otherwise.
insert into app.page_hints (code, name, name_en, block_kind, part, measure, comparison, threshold, min_count, advice, advice_en)
values
  (
    'progress_wanted', '任务进度受关注', 'Progress draws clicks', 'task_progress', 'progress', 'click_share', 'above', 0.25, 200,
    '考虑加入进度模块，让会员看到下一步差多少、能得到什么', 'Consider a progress module that shows what the next step takes and gives'
  ),
  (
    'dead_clicks', '点击没有反应', 'Clicks without effect', null, null, 'dead_rate', 'above', 0.1, 100,
    '访客以为它可以点：加上链接，或改得不像按钮', 'Visitors expect it to do something: link it, or make it look less like a button'
  ),
  (
    'rage_clicks', '连续急点', 'Clicks in anger', null, null, 'rage_rate', 'above', 0.02, 100,
    '检查响应速度与提示，让访客知道已经点到', 'Look at how fast it answers, and show that the click arrived'
  ),
  (
    'claim_not_reached', '多数人没看到领券', 'Few get to the coupon', 'coupon_claim', null, 'reach_rate', 'below', 0.4, 100,
    '把领券区块上移，或在首屏加入口', 'Move the block up, or lead to it from the first screen'
  ),
  (
    'hero_ignored', '首屏按钮少有人点', 'The first button is passed over', 'hero', 'action', 'click_rate', 'below', 0.05, 300,
    '换一句更具体的按钮文字，或把利益点放到按钮旁', 'Say more exactly what it gives, or put the benefit beside it'
  ),
  (
    'figures_clicked', '说明数字被当成入口', 'Figures taken for links', 'trust_figures', null, 'click_share', 'above', 0.08, 200,
    '给这些数字加上说明页或规则链接', 'Link the figures to what they are about'
  )
on conflict (code) do nothing;
