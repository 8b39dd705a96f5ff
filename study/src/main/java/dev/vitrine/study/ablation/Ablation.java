package dev.vitrine.study.ablation;

import java.util.List;
import java.util.Optional;

/**
 * The results of an ablation of layers, of channels, or of both.
 *
 * @param layers in the order of the network
 * @param channels in the order of the network
 * @param retrained results of fine-tuning, if a recipe was given
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
