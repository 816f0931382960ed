@NullMarked
package dev.flusso.dev.shop;

import org.jspecify.annotations.NullMarked;
