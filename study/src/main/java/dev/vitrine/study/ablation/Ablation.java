package dev.vitrine.study.ablation;

import java.util.List;
import java.util.Optional;

/**
 * What a network loses without its layers, or without channels of them.
 *
 * @param layers in the order of the network
 * @param channels likewise
 * @param retrained what the rest came to by fine-tuning, where a recipe was given
 */
public record Ablation(
        List<LayerAblation.Result> layers,
        List<ChannelAblation.Result> channels,
        Optional<Retraining.Results> retrained) {
    public Ablation {
        layers = List.copyOf(layers);
        channels = List.copyOf(channels);
    }
}
