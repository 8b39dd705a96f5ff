package dev.vitrine.app.setting;

import picocli.CommandLine.Model.CommandSpec;

/** A mixin whose options derive from the settings of records. */
public interface DerivedOptions {
    /** Adds the options to a command that has the mixin. */
    void declare(CommandSpec command);

    /** Adds the options of all mixins of a command, recursively. */
    static void declareAll(CommandSpec command) {
        declareAll(command, command);
    }

    private static void declareAll(CommandSpec command, CommandSpec part) {
        for (CommandSpec mixin : part.mixins().values()) {
            if (mixin.userObject() instanceof DerivedOptions derived) {
                derived.declare(command);
            }
            declareAll(command, mixin);
        }
    }
}
