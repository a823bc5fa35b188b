"""What is happening: readings and camera findings become observations."""
