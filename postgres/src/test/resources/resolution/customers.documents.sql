SELECT id::text FROM customer WHERE NOT deleted
