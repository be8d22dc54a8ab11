-- What one long transaction has written to the work tables and taken away again stays in them, and in the way, until it ends.
truncate
  app.automation_due,
  app.automation_entrants,
  app.automation_matches,
  app.benefit_asks,
  app.benefit_matches,
  app.coupon_asks;
