SELECT 'product' || p::text, p.id::text FROM product p
UNION SELECT 'category' || c::text, p.id::text FROM product p JOIN category c ON c.id = p.category_id
UNION SELECT 'category' || q::text, p.id::text FROM product p JOIN category c ON c.id = p.category_id
  JOIN category q ON q.id = c.parent_id
UNION SELECT 'category' || r::text, p.id::text FROM product p JOIN category c ON c.id = p.category_id
  JOIN category q ON q.id = c.parent_id JOIN category r ON r.id = q.parent_id
UNION SELECT 'product_tag' || t::text, t.product_id::text FROM product_tag t
UNION SELECT 'tag' || g::text, t.product_id::text FROM tag g JOIN product_tag t ON t.tag_id = g.id
UNION SELECT 'line' || l::text, l.product_id::text FROM line l
