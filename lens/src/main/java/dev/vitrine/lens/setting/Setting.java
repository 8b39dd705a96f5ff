package dev.vitrine.lens.setting;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares a record's component as a setting that people may choose. Command-line options, their checks and help, tables in
 * the manual and provenance derive from it. The component's name in kebab-case is the setting's name unless it has another;
 * its standard value is the one in the record that a list such as {@code Attributions} holds.
 */
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Setting {
    /** What people call it, where that is not the component's name. */
    String name() default "";

    /** What it is: a phrase that begins in lower case, such as {@code noisy copies of the picture}. */
    String meaning();

    /** What stands for the value in help, such as {@code PIXELS}. */
    String label() default "N";

    /** The least value that is allowed. */
    double least() default Double.NEGATIVE_INFINITY;

    /** The largest value that is allowed. */
    double most() default Double.POSITIVE_INFINITY;

    /** Values must be larger. */
    double above() default Double.NEGATIVE_INFINITY;

    /** Values must be smaller. */
    double below() default Double.POSITIVE_INFINITY;

    /** What holds where an optional setting is left out. */
    String otherwise() default "";
}
