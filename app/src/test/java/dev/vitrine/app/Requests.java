package dev.vitrine.app;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A request of every command that writes something, as quick as it gets.
 *
 * @param picture a picture, which lies in a folder of a class in {@code pictures}
 */
record Requests(Path model, Path pictures, Path picture, Path array, Path recipe) {
    /** Commands that write to a folder. */
    static final List<String> TO_FOLDERS = List.of(
            "explain",
            "occlude",
            "trust",
            "where",
            "segment",
            "stress",
            "examples",
            "activations",
            "filters",
            "dead",
            "train",
            "growth",
            "probe",
            "ablate",
            "visualize",
            "dream",
            "caricature",
            "fool",
            "invert",
            "style",
            "texture",
            "grid",
            "attack");

    /** Commands that write to a file. */
    static final List<String> TO_FILES = List.of("attribute", "compile");

    Object[] of(String command, Path out) {
        List<Object> words = new ArrayList<>(List.of(command));
        switch (command) {
            case "explain" -> words.addAll(List.of(pictures, "--method", "gradient,grad-cam"));
            case "occlude" -> words.addAll(List.of(picture, "--window", 16, "--stride", 16));
            case "trust" -> words.addAll(List.of(picture, "--method", "gradient", "--stages", 1));
            case "where" -> words.addAll(List.of(pictures, "--target", "folder", "--method", "gradient"));
            case "segment", "stress", "caricature" -> words.add(picture);
            case "dream" -> words.addAll(List.of(picture, "--octaves", 1));
            case "examples" -> words.addAll(List.of(pictures, "--layer", "relu1", "--draw", 1));
            case "activations" -> words.addAll(List.of(picture, "--layer", "relu1", "--most", 2));
            case "filters" -> words.addAll(List.of("--most", 2));
            case "dead" -> words.add(pictures);
            case "unit" -> words.addAll(List.of("relu1:1", "--data", pictures, "--steps", 0));
            case "train" -> words.add(recipe);
            case "growth" -> words.addAll(List.of(model, model, "--data", pictures));
            case "probe", "ablate" -> words.addAll(List.of("--data", pictures));
            case "visualize" -> words.addAll(List.of("--target", 1));
            case "fool" -> words.addAll(List.of("--target", 2));
            case "invert" -> words.addAll(List.of(picture, "--layer", "relu1"));
            case "style" -> words.addAll(List.of(picture, picture));
            case "texture" -> words.add(picture);
            case "grid" -> words.addAll(List.of("--data", pictures, "--layer", "relu1", "--method", "pca"));
            case "attack" -> words.addAll(List.of(picture, "--method", "fgsm"));
            case "attribute" -> words.addAll(List.of("--input", array, "--method", "gradient", "--target", 1));
            case "compile" -> words.addAll(List.of("--method", "gradient"));
            default -> throw new IllegalArgumentException(command);
        }
        if (List.of("visualize", "fool", "invert", "style", "texture", "dream", "caricature")
                .contains(command)) {
            words.addAll(List.of("--steps", 1));
        }
        if (!List.of("train", "growth").contains(command)) {
            words.addAll(List.of("--model", model));
        }
        words.addAll(List.of(TO_FILES.contains(command) ? "--output" : "--out", out));
        return words.toArray();
    }
}
