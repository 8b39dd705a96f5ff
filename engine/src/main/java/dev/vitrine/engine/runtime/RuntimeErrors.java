package dev.vitrine.engine.runtime;

import ai.onnxruntime.OrtException;
import dev.vitrine.engine.VitrineException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Translates the runtime's errors into messages that say what to do. */
final class RuntimeErrors {
    private static final Pattern UNKNOWN =
            Pattern.compile("(?:No Op registered for|Could not find an implementation for) ([\\w.]+)");
    private static final Pattern UNREGISTERED = Pattern.compile("([\\w.]+):([\\w.]+)\\(-1\\) is not a registered");

    private RuntimeErrors() {}

    static VitrineException loading(OrtException error, Device device) {
        String message = error.getMessage();
        Matcher unknown = UNKNOWN.matcher(message);
        Matcher unregistered = UNREGISTERED.matcher(message);
        if (unknown.find()) {
            return operator(unknown.group(1), error);
        }
        if (unregistered.find()) {
            return operator(unregistered.group(1) + "." + unregistered.group(2), error);
        }
        if (device == Device.CUDA) {
            return VitrineException.failure(
                    "ONNX Runtime cannot use CUDA: " + message
                            + ". Build with the profile 'cuda' on a machine with CUDA 12, or omit --device cuda.",
                    error);
        }
        return VitrineException.failure("ONNX Runtime cannot load the graph: " + message, error);
    }

    private static VitrineException operator(String name, OrtException error) {
        return VitrineException.failure(
                "The model uses the operator '" + name + "', which ONNX Runtime does not know"
                        + "; expected standard ONNX operators or its own. Re-export the model without it. ("
                        + error.getMessage() + ")",
                error);
    }
}
