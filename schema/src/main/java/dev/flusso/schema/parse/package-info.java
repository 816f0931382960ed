/**
 * From files to the model: {@link dev.flusso.schema.parse.ConfigFiles} is the way in.
 *
 * <p>TOML, YAML and the JSON of a compiled form are all turned into one tree of {@code Node}s that know their places; one reader
 * turns the tree into records and collects every problem on the way.
 */
@NullMarked
package dev.flusso.schema.parse;

import org.jspecify.annotations.NullMarked;
