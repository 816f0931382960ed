/**
 * The command line: each command's options, their variables, and what is printed when something is wrong.
 *
 * <p>A command class only reads options and prints; the work is done by the engines it is given. {@link
 * dev.flusso.cli.command.Pipeline} is the engine of {@code run}, {@code capture} and {@code work}. A command whose engine is not
 * there is not offered.
 *
 * <p>Every option {@code --some-thing} may be given as the variable {@code FLUSSO_SOME_THING}; the option wins, and an empty variable
 * counts as not set.
 */
@NullMarked
package dev.flusso.cli.command;

import org.jspecify.annotations.NullMarked;
