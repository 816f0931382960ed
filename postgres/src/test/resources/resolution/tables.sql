CREATE TABLE country (code text PRIMARY KEY, name text);
CREATE TABLE customer (id int PRIMARY KEY, name text, country_code text, referrer_id int, deleted boolean NOT NULL DEFAULT false);
CREATE TABLE profile (id int PRIMARY KEY, bio text,
  customer_id int REFERENCES customer ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE orders (id int PRIMARY KEY, status text,
  customer_id int REFERENCES customer ON UPDATE CASCADE ON DELETE CASCADE);
CREATE TABLE line (order_id int REFERENCES orders ON UPDATE CASCADE ON DELETE CASCADE, no int, qty int, product_id int,
  PRIMARY KEY (order_id, no));
CREATE TABLE category (id int PRIMARY KEY, name text, parent_id int);
CREATE TABLE product (id int PRIMARY KEY, name text, category_id int);
CREATE TABLE tag (id int PRIMARY KEY, label text);
CREATE TABLE product_tag (product_id int REFERENCES product ON UPDATE CASCADE ON DELETE CASCADE,
  tag_id int REFERENCES tag ON UPDATE CASCADE ON DELETE CASCADE, weight int, PRIMARY KEY (product_id, tag_id));
CREATE TABLE club (id int PRIMARY KEY, name text, fee int);
CREATE TABLE membership (id int PRIMARY KEY, since int,
  customer_id int REFERENCES customer ON UPDATE CASCADE ON DELETE CASCADE,
  club_id int REFERENCES club ON UPDATE CASCADE ON DELETE CASCADE);
