/**
 * Runs the JMH classes for what the engine is made of. They stand in the packages of what they
 * measure, beside which they see what is not public; each answers one question, named in its
 * Javadoc.
 */
@org.jspecify.annotations.NullMarked
package io.lode.bench.micro;
