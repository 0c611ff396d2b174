/** {@code lode demo}: loads real input, kills the process, and checks what is left. */
package io.lode.cli.demo;
