/** {@code lode demo}: real input, a kill, and a look at what is left. */
package io.lode.cli.demo;
