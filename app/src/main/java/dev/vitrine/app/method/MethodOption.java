package dev.vitrine.app.method;

import dev.vitrine.lens.method.Attributions;
import picocli.CommandLine.Option;

/** One method. */
public final class MethodOption {
    @Option(
            names = "--method",
            paramLabel = "ID",
            description = "Method, by id; see 'vitrine methods'. Default: ${DEFAULT-VALUE}.")
    private String id;

    /**
     * @param usual default method
     */
    public MethodOption(String usual) {
        id = usual;
    }

    /** A usage error if there is no such method. */
    public Attributions.Entry entry() {
        return Attributions.find(id);
    }
}
