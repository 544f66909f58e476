package dev.noria.wiring;

import com.google.inject.BindingAnnotation;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;

/**
 * Marks all our bindings, so that a service may be of a type that Guice binds by itself, and no
 * class of a user is ever made behind our back.
 */
@BindingAnnotation
@Retention(RetentionPolicy.RUNTIME)
@interface Provided {}
