SELECT id::text FROM product
