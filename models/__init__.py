"""The networks: numpy in, numpy out. Weights are ours; manifest.toml says where each comes from."""
