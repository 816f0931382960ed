-- What the index must hold, computed in another way than the program's; see expected-users.sql.
SELECT p.id::text, json_build_object(
  'id', p.id,
  'shop', 'corner',
  'sku', p.sku,
  'article', p.article,
  'name', p.name,
  'price', p.price,
  'inSale', p.in_sale,
  'launched', p.launched,
  'rating', p.rating,
  'weightKg', p.weight_kg,
  'storage', json_build_object('shelf', p.shelf, 'stock', p.stock),
  'thumbnail', encode(p.thumbnail, 'base64'),
  'titles', p.titles,
  'attributes', p.attributes,
  'category', (
    SELECT json_build_object('name', c.name, 'parent', (SELECT json_build_object('name', a.name) FROM categories a WHERE a.id = c.parent_id))
    FROM categories c WHERE c.id = p.category_id),
  'warranty', (SELECT json_build_object('months', w.months, 'provider', w.provider) FROM warranties w WHERE w.product_id = p.id),
  'tags', coalesce((
    SELECT json_agg(json_build_object('id', t.id, 'name', t.name) ORDER BY t.id)
    FROM product_tags pt JOIN tags t ON t.id = pt.tag_id WHERE pt.product_id = p.id), '[]'),
  'tagIds', coalesce((SELECT json_agg(pt.tag_id ORDER BY pt.tag_id) FROM product_tags pt WHERE pt.product_id = p.id), '[]'),
  'timesOrdered', (SELECT count(*) FROM order_items i WHERE i.product_id = p.id),
  'piecesSold', (SELECT sum(i.quantity) FROM order_items i WHERE i.product_id = p.id),
  'piecesAtOnce', (SELECT avg(i.quantity) FROM order_items i WHERE i.product_id = p.id),
  'cheapestSold', (SELECT min(i.unit_price) FROM order_items i WHERE i.product_id = p.id),
  'dearestSold', (SELECT max(i.unit_price) FROM order_items i WHERE i.product_id = p.id)
)::text
FROM products p WHERE NOT p.discontinued
