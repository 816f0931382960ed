SELECT 'category' || c::text, c.id::text FROM category c
UNION SELECT 'category' || p::text, c.id::text FROM category c JOIN category p ON p.id = c.parent_id
UNION SELECT 'category' || c::text, c.parent_id::text FROM category c
UNION SELECT 'product' || p::text, c.parent_id::text FROM category c JOIN product p ON p.category_id = c.id
UNION SELECT 'product' || p::text, p.category_id::text FROM product p
UNION SELECT 'product_tag' || t::text, c.parent_id::text FROM category c JOIN product p ON p.category_id = c.id
  JOIN product_tag t ON t.product_id = p.id
UNION SELECT 'tag' || g::text, c.parent_id::text FROM category c JOIN product p ON p.category_id = c.id
  JOIN product_tag t ON t.product_id = p.id JOIN tag g ON g.id = t.tag_id
