SELECT c.id::text, json_build_object('name', c.name,
  'parent', (SELECT json_build_object('name', p.name) FROM category p WHERE p.id = c.parent_id),
  'children', (SELECT coalesce(json_agg(json_build_object('name', d.name,
      'products', (SELECT coalesce(json_agg(json_build_object('name', p.name,
          'tags', (SELECT coalesce(json_agg(json_build_object('label', t.label) ORDER BY t.id), '[]')
            FROM product_tag x JOIN tag t ON t.id = x.tag_id WHERE x.product_id = p.id)) ORDER BY p.id), '[]')
        FROM product p WHERE p.category_id = d.id AND NOT p.retired)) ORDER BY d.id), '[]')
    FROM category d WHERE d.parent_id = c.id),
  'dearest', (SELECT max(p.price) FROM product p WHERE p.category_id = c.id),
  'productIds', (SELECT coalesce(json_agg(p.id ORDER BY p.id), '[]') FROM product p WHERE p.category_id = c.id))
FROM category c
