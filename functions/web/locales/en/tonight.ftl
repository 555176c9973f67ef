# tonight
