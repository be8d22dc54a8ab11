-- Rows with dozens of added fields, in every table that can have them. They stay whole up to the size of a page: taken out of
-- line, each look at a field would put its row together again. And a page keeps room for the next version of such a row:
-- one that moves to another page costs an entry in every index, and in that of the extras one for each of its fields.

alter table app.benefit_packages set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.benefits set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.budgets set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.campaigns set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.coupon_templates set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.customers set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.earn_rules set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.goals set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.products set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.risk_playbooks set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.segment_rule_sets set (fillfactor = 85, toast_tuple_target = 8160);
alter table app.tiers set (fillfactor = 85, toast_tuple_target = 8160);
