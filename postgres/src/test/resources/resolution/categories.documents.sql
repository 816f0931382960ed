SELECT id::text FROM category WHERE name <> 'hidden'
