-- Eighty products in eight categories. Prices make baskets of some 30 to 600 yuan.
insert into app.products (external_id, name, category, price, unit_cost, stock)
select
  'EG-' || lpad((groups.position * 100 + goods.position)::text, 4, '0'),
  split_part(goods.entry, ' ', 1),
  groups.category,
  split_part(goods.entry, ' ', 2)::numeric,
  round(split_part(goods.entry, ' ', 2)::numeric * 0.55, 2),
  20 + mod(groups.position * 37 + goods.position * 53, 480)
from (
  values
    (1, '家居日用', array[
      '棉麻收纳箱 79', '真空压缩袋套装 45', '木质衣架十只装 59', '静音时钟 89', '折叠脏衣篮 49',
      '桌面垃圾桶 29', '防滑浴室垫 39', '门后挂钩架 25', '除湿香袋 19.9', '人体感应夜灯 69']),
    (2, '厨房餐具', array[
      '陶瓷饭碗四只装 68', '不粘煎锅 159', '竹木砧板 88', '保鲜盒六件套 75', '手冲咖啡壶 138',
      '硅胶铲勺套装 56', '玻璃冷水壶 65', '日式餐盘 36', '密封米桶 99', '便当保温袋 42']),
    (3, '床品布艺', array[
      '水洗棉四件套 359', '天丝凉席 299', '羽丝绒冬被 428', '记忆棉枕 149', '法兰绒毛毯 119',
      '遮光窗帘 189', '亚麻抱枕套 39', '全棉浴巾 59', '儿童睡袋 168', '防螨床笠 129']),
    (4, '母婴用品', array[
      '婴儿纸尿裤 128', '恒温奶瓶 98', '宝宝辅食碗 58', '新生儿礼盒 268', '儿童保温杯 109',
      '妈咪背包 199', '婴儿湿巾十包 49.9', '防撞角贴 22', '益智积木 138', '哺乳抱枕 159']),
    (5, '便携办公', array[
      '笔记本支架 129', '无线静音鼠标 79', '降噪耳塞 35', '桌面加湿器 99', '折叠充电台灯 149',
      '护腕鼠标垫 39', '午休枕 69', '便携榨汁杯 159', '线缆收纳包 45', '超薄充电宝 169']),
    (6, '个护清洁', array[
      '氨基酸洁面乳 89', '电动牙刷 259', '无硅油洗发水 79', '护手霜三支装 59', '浓缩洗衣凝珠 65',
      '厨房去油喷雾 29.9', '植物沐浴露 69', '旅行分装瓶 25', '洗脸巾六包 39.9', '地板清洁片 32']),
    (7, '香薰花艺', array[
      '无火香薰 118', '大豆蜡烛 88', '永生花摆件 199', '陶瓷花瓶 129', '香薰机 239',
      '精油三支装 108', '车载香片 29', '干花花束 79', '多肉盆栽 36', '香薰礼盒 288']),
    (8, '运动户外', array[
      '加厚瑜伽垫 109', '弹力带套装 49', '户外折叠椅 139', '运动水壶 59', '速干毛巾 35',
      '露营氛围灯 89', '跳绳 39', '筋膜枪 329', '防晒冰袖 29.9', '轻量双肩包 189'])
) as groups (position, category, entries)
cross join unnest(groups.entries) with ordinality as goods (entry, position)
on conflict (external_id) do nothing;
