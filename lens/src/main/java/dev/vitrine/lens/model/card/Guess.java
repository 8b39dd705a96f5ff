package dev.vitrine.lens.model.card;

import dev.vitrine.lens.data.Resampling;
import dev.vitrine.lens.model.input.PictureInput;
import dev.vitrine.lens.model.preprocessing.ChannelOrder;
import dev.vitrine.lens.model.preprocessing.Fit;
import dev.vitrine.lens.model.preprocessing.Layout;
import dev.vitrine.lens.model.preprocessing.Normalization;
import dev.vitrine.lens.model.preprocessing.Preprocessing;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The most likely preprocessing of a network without a card.
 *
 * @param given keys set by the user: they are not reported as guessed, and a given mean, deviation or range keeps the
 *     others neutral
 */
record Guess(PictureInput input, Set<String> given) {
    private int channels() {
        return input.channels().orElse(3);
    }

    private boolean isImageNets() {
        return channels() == 3
                && input.white().isEmpty()
                && List.of("range", "mean", "deviation", "channels").stream().noneMatch(given::contains);
    }

    Preprocessing preprocessing() {
        return new Preprocessing(
                input.width().orElse(ModelCards.USUAL_SIZE),
                input.height().orElse(ModelCards.USUAL_SIZE),
                Fit.CROP,
                Resampling.BILINEAR,
                ChannelOrder.of(channels()),
                input.layout().orElse(Layout.NCHW),
                isImageNets()
                        ? Normalization.IMAGENET
                        : Normalization.range(0, input.white().orElse(1), channels()));
    }

    /** Sentences on what was guessed. */
    List<String> notes() {
        if (!input.isPicture()) {
            return List.of();
        }
        List<String> notes = new ArrayList<>();
        if ((input.width().isEmpty() || input.height().isEmpty()) && !given.contains("size")) {
            int width = input.width().orElse(ModelCards.USUAL_SIZE);
            int height = input.height().orElse(ModelCards.USUAL_SIZE);
            notes.add("The model takes pictures of any size; " + width + "x" + height + " was guessed.");
        }
        if (input.layout().isEmpty()) {
            notes.add("The model does not say which axis of its input is color; NCHW with " + channels()
                    + " channels was guessed.");
        }
        List<String> guessed = guessed();
        if (!guessed.isEmpty()) {
            String last = guessed.get(guessed.size() - 1);
            String all = guessed.size() == 1
                    ? last
                    : String.join(", ", guessed.subList(0, guessed.size() - 1)) + " and " + last;
            boolean numbers = List.of("range", "mean", "deviation").stream().noneMatch(given::contains);
            notes.add(Character.toUpperCase(all.charAt(0))
                    + all.substring(1)
                    + (guessed.size() == 1 && !all.contains(" and ") ? " was guessed" : " were guessed")
                    + (numbers ? "; if they are wrong, predictions are poor." : "."));
        }
        return notes;
    }

    private List<String> guessed() {
        List<String> guessed = new ArrayList<>();
        String order = switch (channels()) {
            case 1 -> "gray values";
            case 3 -> "RGB";
            case 4 -> "RGB and alpha";
            default -> channels() + " channels as in the file";
        };
        String numbers = numbers();
        if (!given.contains("channels")) {
            guessed.add(order + numbers);
        } else if (!numbers.isEmpty()) {
            guessed.add("values" + numbers);
        }
        if (!given.contains("fit")) {
            guessed.add("center crop");
        }
        if (!given.contains("resampling")) {
            guessed.add("bilinear resizing");
        }
        return guessed;
    }

    /** The unset ones of range, mean and deviation. */
    private String numbers() {
        String range =
                given.contains("range") ? "" : " in 0.." + (int) input.white().orElse(1);
        boolean mean = given.contains("mean");
        boolean deviation = given.contains("deviation");
        if (mean && deviation) {
            return range;
        }
        if (isImageNets()) {
            return range + " with ImageNet's mean and deviation";
        }
        String without = mean ? " without deviation" : deviation ? " without mean" : " without mean and deviation";
        return range
                + without
                + (input.white().isPresent() && range.length() > 0 ? ", since the network preprocesses by itself" : "");
    }
}
