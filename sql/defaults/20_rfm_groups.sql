insert into app.rfm_groups (
  position, code, name, name_en,
  recency_min, recency_max, frequency_min, frequency_max, monetary_min, monetary_max
)
values
  (10, 'champions', '核心价值客户', 'Champions', 5, 5, 5, 5, 5, 5),
  (20, 'potential_loyalist', '潜力忠诚客户', 'Potential Loyalist', 3, 5, 3, 5, 2, 5),
  (30, 'loyal_customers', '忠诚客户', 'Loyal Customers', 2, 4, 2, 4, 2, 4),
  (40, 'promising', '潜力客户', 'Promising', 3, 4, 1, 3, 3, 5),
  (50, 'new_customers', '新客户', 'New Customers', 4, 5, 1, 3, 1, 5),
  (60, 'cant_lose', '重点挽留客户', 'Can''t Lose Them', 1, 2, 3, 4, 4, 5),
  (70, 'at_risk', '流失风险客户', 'At Risk', 1, 2, 2, 5, 4, 5),
  (80, 'need_attention', '需关注客户', 'Need Attention', 1, 3, 3, 5, 3, 5),
  (90, 'about_to_sleep', '即将沉睡客户', 'About To Sleep', 2, 3, 1, 3, 1, 4),
  (100, 'lost', '流失客户', 'Lost', 1, 1, 1, 5, 1, 5)
on conflict do nothing;
