package dev.vitrine.lens.attribution;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The provenance of a picture: model, image, target and method.
 *
 * @param model name of the model
 * @param image name of the image
 * @param target what was explained, such as {@code 285 Egyptian cat (logit)}
 * @param method id of the method, such as {@code grad-cam}
 * @param options the method's hyper-parameters by name, layer included
 */
public record Provenance(String model, String image, String target, String method, Map<String, String> options) {
    /** The option that records the progress of work stopped early. */
    public static final String PARTIAL = "partial";

    public Provenance {
        options = Collections.unmodifiableMap(new LinkedHashMap<>(options));
    }

    public boolean isPartial() {
        return options.containsKey(PARTIAL);
    }
}
