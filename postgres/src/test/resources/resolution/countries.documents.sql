SELECT code FROM country
